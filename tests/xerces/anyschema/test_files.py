"""What schema documents may say to each other: include, import, redefine; and what is wrong with some."""

from pathlib import Path

import pytest

from feedproc.xerces import UnknownSchema, read_schema
from feedproc.xerces.walk.walker import Walker

_HEAD = '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t"'
_SMALL = '<xsd:simpleType name="Small"><xsd:restriction base="xsd:string"><xsd:maxLength value="3"/></xsd:restriction>'
SMALL = f"{_SMALL}</xsd:simpleType>"
ROOT = '<xsd:element name="a" type="Small"/>'


def schema(body: str, attributes: str = "") -> str:
    return f"{_HEAD} {attributes}>\n{body}\n</xsd:schema>"


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.xsd").write_text(text, encoding="utf-8")
    return folder / "main.xsd"


def rules(path: Path, document: str) -> list[str]:
    walker = Walker(read_schema(path), document.encode(), most=1_000)
    walker.walk()
    return [finding.rule for finding in walker.findings]


LONG = ["cvc-maxLength-valid", "cvc-type.3.1.3"]


def test_an_included_document_is_part_of_the_schema(tmp_path: Path) -> None:
    path = write(tmp_path, main=schema(f'<xsd:include schemaLocation="base.xsd"/>{ROOT}'), base=schema(SMALL))
    assert rules(path, "<a>abc</a>") == []
    assert rules(path, "<a>abcd</a>") == LONG


def test_documents_may_include_each_other(tmp_path: Path) -> None:
    main = schema(f'<xsd:include schemaLocation="base.xsd"/>{ROOT}')
    path = write(tmp_path, main=main, base=schema(f'<xsd:include schemaLocation="main.xsd"/>{SMALL}'))
    assert rules(path, "<a>abcd</a>") == LONG


def test_a_document_without_a_namespace_takes_on_that_of_the_one_that_includes_it(tmp_path: Path) -> None:
    base = schema(SMALL + '<xsd:element name="a" type="Small"/>')
    path = write(
        tmp_path, main=schema('<xsd:include schemaLocation="base.xsd"/>', 'targetNamespace="urn:t"'), base=base
    )
    assert rules(path, '<a xmlns="urn:t">abcd</a>') == LONG
    assert rules(path, "<a>abc</a>") == ["cvc-elt.1"]


def test_an_imported_document_keeps_its_namespace(tmp_path: Path) -> None:
    main = schema('<xsd:import namespace="urn:t" schemaLocation="base.xsd"/><xsd:element name="a" type="t:Small"/>')
    path = write(tmp_path, main=main, base=schema(SMALL, 'targetNamespace="urn:t"'))
    assert rules(path, "<a>abcd</a>") == LONG


def test_an_import_without_a_place_asks_for_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, main=schema(f'<xsd:import namespace="urn:elsewhere"/>{SMALL}{ROOT}'))
    assert rules(path, "<a>abc</a>") == []


def test_a_redefined_type_restricts_what_it_was(tmp_path: Path) -> None:
    narrower = '<xsd:restriction base="Small"><xsd:pattern value="[a-z]*"/></xsd:restriction>'
    redefined = f'<xsd:redefine schemaLocation="base.xsd"><xsd:simpleType name="Small">{narrower}</xsd:simpleType>'
    path = write(tmp_path, main=schema(f"{redefined}</xsd:redefine>{ROOT}"), base=schema(SMALL))
    assert rules(path, "<a>abc</a>") == []
    assert rules(path, "<a>abcd</a>") == LONG
    assert rules(path, "<a>12</a>") == ["cvc-pattern-valid", "cvc-type.3.1.3"]


def test_a_redefined_group_holds_what_it_was(tmp_path: Path) -> None:
    group = '<xsd:group name="G"><xsd:sequence>{}</xsd:sequence></xsd:group>'
    one, two = '<xsd:element name="one"/>', '<xsd:group ref="G"/><xsd:element name="two"/>'
    redefined = f'<xsd:redefine schemaLocation="base.xsd">{group.format(two)}</xsd:redefine>'
    root = '<xsd:element name="a"><xsd:complexType><xsd:group ref="G"/></xsd:complexType></xsd:element>'
    path = write(tmp_path, main=schema(redefined + root), base=schema(group.format(one)))
    assert rules(path, "<a><one/><two/></a>") == []
    assert rules(path, "<a><two/></a>") == ["cvc-complex-type.2.4.a"]


def test_a_type_may_hold_elements_of_types_that_extend_it(tmp_path: Path) -> None:
    more = '<xsd:complexContent><xsd:extension base="T"><xsd:attribute name="n" type="xsd:int"/></xsd:extension>'
    inner = f'<xsd:element name="t" minOccurs="0"><xsd:complexType>{more}</xsd:complexContent></xsd:complexType>'
    body = f'<xsd:complexType name="T"><xsd:sequence>{inner}</xsd:element></xsd:sequence></xsd:complexType>'
    path = write(tmp_path, main=schema(f'{body}<xsd:element name="a" type="T"/>'))
    assert rules(path, '<a><t n="1"><t n="2"/></t></a>') == []
    assert rules(path, '<a><t n="x"/></a>') == ["cvc-datatype-valid.1.2.1", "cvc-attribute.3"]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (ROOT, "main.xsd:2: there is no type 'Small'"),
        ('\n<xsd:element name="a" type="p:Small"/>', "main.xsd:3: the prefix of 'p:Small' is not declared"),
        ('<xsd:include schemaLocation="none.xsd"/>', "main.xsd:2: there is no file 'none.xsd'"),
        ('<xsd:include schemaLocation="http://x.y/z.xsd"/>', "main.xsd:2: 'http://x.y/z.xsd' is an address"),
        ('<xsd:include schemaLocation="//x.y/z.xsd"/>', "main.xsd:2: '//x.y/z.xsd' is an address"),
        ('<xsd:include schemaLocation="file:///etc/passwd"/>', "is an address, and schemas are not fetched"),
        ('<xsd:include schemaLocation="../secret.xsd"/>', "main.xsd:2: '../secret.xsd' is outside of the folder"),
        ('<xsd:include schemaLocation="/etc/passwd"/>', "main.xsd:2: '/etc/passwd' is outside of the folder"),
        ("<xsd:include/>", "main.xsd:2: this xsd:include has no schemaLocation"),
        ("<xsd:assert/>", "main.xsd:2: xsd:assert cannot stand here"),
        ("<xsd:element/>", "main.xsd:2: this xsd:element has no name"),
        (f"{SMALL}{SMALL}", "main.xsd:2: there are two of xsd:simpleType 'Small'"),
        ('<xsd:group name="G"><xsd:sequence><xsd:group ref="G"/></xsd:sequence></xsd:group>', "holds itself"),
        ('<xsd:simpleType name="S"><xsd:restriction base="S"/></xsd:simpleType>', "is derived from itself"),
        (SMALL.replace('value="3"', 'value="x"'), "main.xsd:2: 'x' is no number"),
        (SMALL.replace("maxLength", "assertion"), "main.xsd:2: xsd:assertion is no facet"),
        (SMALL.replace('maxLength value="3"', 'pattern value="[a"'), "main.xsd:2: [a is no pattern of XML Schema"),
        ('<xsd:element name="a" type="xsd:int" default="x"/>', "main.xsd:2: 'x' is no value of the type"),
    ],
)
def test_what_is_wrong_with_a_schema_is_told_with_file_and_line(tmp_path: Path, body: str, what: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.xsd").write_text(schema(SMALL), encoding="utf-8")
    with pytest.raises(UnknownSchema) as caught:
        read_schema(write(folder, main=schema(body)))
    assert what in str(caught.value)


def test_groups_that_are_nested_too_deeply_are_refused(tmp_path: Path) -> None:
    group = '<xsd:group name="G{}"><xsd:sequence><xsd:group ref="G{}"/></xsd:sequence></xsd:group>'
    deep = "".join(group.format(n, n + 1) for n in range(2000))
    last = '<xsd:group name="G2000"><xsd:sequence/></xsd:group>'
    with pytest.raises(UnknownSchema, match="nested too deeply"):
        read_schema(write(tmp_path, main=schema(deep + last)))


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.xsd").write_text(schema(SMALL), encoding="utf-8")
    (folder / "base.xsd").symlink_to(tmp_path / "secret.xsd")
    with pytest.raises(UnknownSchema, match="outside of the folder"):
        read_schema(write(folder, main=schema(f'<xsd:include schemaLocation="base.xsd"/>{ROOT}')))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<xsd:schema",
        "<a/>",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + schema(SMALL),
        "<!DOCTYPE x ["
        + "".join(f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};">' for n in range(1, 40))
        + "]>"
        + schema(SMALL),
    ],
)
def test_what_is_no_schema_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnknownSchema, match=r"main\.xsd"):
        read_schema(write(tmp_path, main=text))

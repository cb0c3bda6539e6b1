"""The names by which Xerces, as the JDK has it, knows encodings that Python knows too: codec, then names."""

_NAMES = {
    "ascii": "ansi_x3.4-1968 ansi_x3.4-1986 ascii cp367 csascii ibm-367 ibm367 iso-ir-6 iso646-us us us-ascii",
    "big5": "big5 csbig5",
    "big5hkscs": "big5-hkscs big5_hkscs big5hk big5hkscs",
    "cp1006": "cp1006 ibm-1006 ibm1006 x-ibm1006",
    "cp1250": "cp1250 cp5346 windows-1250",
    "cp1251": "ansi-1251 cp1251 cp5347 windows-1251",
    "cp1252": "cp1252 cp5348 ibm-1252 ibm1252 windows-1252",
    "cp1253": "cp1253 cp5349 windows-1253",
    "cp1254": "cp1254 cp5350 windows-1254",
    "cp1255": "cp1255 windows-1255",
    "cp1256": "cp1256 windows-1256",
    "cp1257": "cp1257 cp5353 windows-1257",
    "cp1258": "cp1258 windows-1258",
    "cp437": "cp437 cspc8codepage437 ibm-437 ibm437 windows-437",
    "cp737": "cp737 ibm-737 ibm737 x-ibm737",
    "cp775": "cp775 cspc775baltic ibm-775 ibm775",
    "cp850": "cp850 cspc850multilingual ibm-850 ibm850",
    "cp852": "cp852 cspcp852 ibm-852 ibm852",
    "cp855": "cp855 csibm855 cspcp855 ibm-855 ibm855",
    "cp856": "cp856 ibm-856 ibm856 x-ibm856",
    "cp857": "cp857 csibm857 ibm-857 ibm857",
    "cp858": "ccsid00858 cp00858 cp858 ibm-858 ibm00858 ibm858",
    "cp860": "cp860 csibm860 ibm-860 ibm860",
    "cp861": "cp-is cp861 csibm861 ibm-861 ibm861",
    "cp862": "cp862 csibm862 cspc862latinhebrew ibm-862 ibm862",
    "cp863": "cp863 csibm863 ibm-863 ibm863",
    "cp864": "cp864 csibm864 ibm-864 ibm864",
    "cp865": "cp865 csibm865 ibm-865 ibm865",
    "cp866": "cp866 csibm866 ibm-866 ibm866",
    "cp869": "cp-gr cp869 csibm869 ibm-869 ibm869",
    "cp874": "cp874 ibm-874 ibm874 ms-874 ms874 tis-620 tis620 tis620.2533 windows-874 x-ibm874 x-windows-874",
    "cp932": (
        "cp932 cp942c csshiftjis cswindows31j ibm-932 ibm-942c ibm932 ibm942c ms932 ms932-0213 ms932_0213 ms_kanji "
        "shift-jis shift_jis sjis windows-31j windows-932 windows-932-0213 x-ibm932 x-ibm942c x-ms932_0213 x-sjis"
    ),
    "cp949": (
        "cp949 cseuckr csksc56011987 euc-kr euc_kr euckr ibm-949 ibm949 iso-ir-149 korean ks_c_5601-1987 "
        "ks_c_5601-1989 ksc5601 ksc5601-1987 ksc5601_1987 ksc_5601 ms949 ms_949 windows-949 windows949 x-ibm949 "
        "x-windows-949"
    ),
    "cp950": "cp950 ibm-950 ibm950 ms950 windows-950 x-ibm950 x-windows-950",
    "euc_jp": (
        "cseucpkdfmtjapanese euc-jp euc-jp-linux euc_jp euc_jp_linux euc_jp_solaris eucjis eucjp eucjp-open "
        "extended_unix_code_packed_format_for_japanese x-euc-jp x-euc-jp-linux x-eucjp x-eucjp-open"
    ),
    "gb18030": (
        "cp936 csgb2312 euc-cn euc_cn euccn gb18030 gb18030-2022 gb2312 gb2312-1980 gb2312-80 gbk ms936 "
        "windows-936 x-euc-cn"
    ),
    "iso2022_jp": "csiso2022jp csjisencoding iso-2022-jp iso2022jp jis jis_encoding",
    "iso2022_jp_2": "csiso2022jp2 iso-2022-jp-2 iso2022jp2",
    "iso2022_kr": "csiso2022kr iso-2022-kr iso2022kr",
    "iso8859-1": (
        "cp819 csisolatin1 ibm-819 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso8859_1 iso_8859-1 iso_8859_1 l1 latin1"
    ),
    "iso8859-11": "iso-8859-11 iso8859_11 x-iso-8859-11",
    "iso8859-13": "iso-8859-13 iso8859-13 iso8859_13 iso_8859-13",
    "iso8859-15": (
        "cp923 csiso885915 csisolatin0 csisolatin9 ibm-923 ibm923 iso-8859-15 iso8859-15 iso8859_15 "
        "iso8859_15_fdis iso_8859-15 l9 latin-9 latin0 latin9"
    ),
    "iso8859-16": "csiso885916 iso-8859-16 iso-ir-226 iso8859_16 iso_8859-16 l10 latin10",
    "iso8859-2": "cp912 csisolatin2 ibm-912 ibm912 iso-8859-2 iso-ir-101 iso8859-2 iso8859_2 iso_8859-2 l2 latin2",
    "iso8859-3": "cp913 csisolatin3 ibm-913 ibm913 iso-8859-3 iso-ir-109 iso8859-3 iso8859_3 iso_8859-3 l3 latin3",
    "iso8859-4": "cp914 csisolatin4 ibm-914 ibm914 iso-8859-4 iso-ir-110 iso8859-4 iso8859_4 iso_8859-4 l4 latin4",
    "iso8859-5": (
        "cp915 csisolatincyrillic cyrillic ibm-915 ibm915 iso-8859-5 iso-ir-144 iso8859-5 iso8859_5 iso_8859-5"
    ),
    "iso8859-6": (
        "arabic asmo-708 cp1089 csisolatinarabic ecma-114 ibm-1089 ibm1089 iso-8859-6 iso-ir-127 iso8859-6 "
        "iso8859_6 iso_8859-6"
    ),
    "iso8859-7": (
        "cp813 csisolatingreek ecma-118 elot_928 greek greek8 ibm-813 ibm813 iso-8859-7 iso-ir-126 iso8859-7 "
        "iso8859_7 iso_8859-7 sun_eu_greek"
    ),
    "iso8859-8": (
        "cp916 csisolatinhebrew hebrew ibm-916 ibm916 iso-8859-8 iso-8859-8-i iso-ir-138 iso8859-8 iso8859_8 iso_8859-8"
    ),
    "iso8859-9": "cp920 csisolatin5 ibm-920 ibm920 iso-8859-9 iso-ir-148 iso8859-9 iso8859_9 iso_8859-9 l5 latin5",
    "johab": "johab ksc5601-1992 ksc5601_1992 ms1361 x-johab",
    "koi8-r": "cskoi8r koi8 koi8-r koi8_r",
    "koi8-u": "koi8-u koi8_u",
    "mac-cyrillic": "maccyrillic x-maccyrillic",
    "mac-greek": "macgreek x-macgreek",
    "mac-iceland": "maciceland x-maciceland",
    "mac-latin2": "maccentraleurope x-maccentraleurope",
    "mac-roman": "macroman x-macroman",
    "mac-turkish": "macturkish x-macturkish",
    "utf-16-be": "unicode unicodebig unicodebigunmarked utf-16 utf-16be utf16 utf_16 utf_16be x-utf-16be",
    "utf-16-le": "unicodelittle unicodelittleunmarked utf-16le utf_16le x-utf-16le x-utf-16le-bom",
    "utf-32-be": "utf-32 utf-32be utf32 utf_32 utf_32be x-utf-32be",
    "utf-32-le": "utf-32le utf_32le x-utf-32le",
    "utf-8": "unicode-1-1-utf-8 utf-8 utf8",
}
CODECS = {name: codec for codec, names in _NAMES.items() for name in names.split()}
"""The codec for each name in lower case. Without a byte order, UTF-16 and UTF-32 are big-endian, as in Java."""

_REGISTERED = """
ansi_x3.4-1968 ansi_x3.4-1986 arabic ascii asmo-708 big5 ccsid00858 cp-gr cp-is cp00858 cp367 cp437 cp775
cp819 cp850 cp852 cp855 cp857 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 cp936 csascii csbig5 cseuckr
cseucpkdfmtjapanese csgb2312 csibm855 csibm857 csibm860 csibm861 csibm863 csibm864 csibm865 csibm866 csibm869
csiso2022jp csiso2022kr csisolatin1 csisolatin2 csisolatin3 csisolatin4 csisolatin5 csisolatinarabic
csisolatincyrillic csisolatingreek csisolatinhebrew cskoi8r csksc56011987 cspc775baltic cspc850multilingual
cspc862latinhebrew cspc8codepage437 cspcp852 csshiftjis cswindows31j cyrillic ecma-114 ecma-118 elot_928
euc-jp euc-kr extended_unix_code_packed_format_for_japanese gb18030 gb2312 gbk greek greek8 hebrew ibm-367 ibm-437
ibm-775 ibm-819 ibm-850 ibm-852 ibm-855 ibm-857 ibm-858 ibm-860 ibm-861 ibm-862 ibm-863 ibm-864 ibm-865
ibm-866 ibm-869 ibm00858 ibm367 ibm437 ibm775 ibm819 ibm850 ibm852 ibm855 ibm857 ibm860 ibm861 ibm862 ibm863
ibm864 ibm865 ibm866 ibm869 iso-10646-ucs-2 iso-10646-ucs-4 iso-2022-jp iso-2022-kr iso-8859-1 iso-8859-13
iso-8859-15 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 iso-8859-7 iso-8859-8 iso-8859-8-i
iso-8859-9 iso-ir-100 iso-ir-101 iso-ir-109 iso-ir-110 iso-ir-126 iso-ir-127 iso-ir-138 iso-ir-144 iso-ir-148
iso-ir-149 iso-ir-6 iso646-us iso_8859-1 iso_8859-15 iso_8859-2 iso_8859-3 iso_8859-4 iso_8859-5 iso_8859-6
iso_8859-7 iso_8859-8 iso_8859-9 koi8-r korean ks_c_5601-1987 ks_c_5601-1989 ksc_5601 l1 l2 l3 l4 l5 latin-9
latin1 latin2 latin3 latin4 latin5 ms936 ms_kanji shift_jis tis-620 us us-ascii utf-16 utf-16be utf-16le utf-8
windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257
windows-1258 windows-31j windows-936
"""
IN_XML_1_1 = frozenset(_REGISTERED.split())
"""The names that are left of these in an XML declaration: those that are registered; Java's own are refused there."""

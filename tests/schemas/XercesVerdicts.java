import java.io.File;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * Asks the JDK's own Xerces about XML files: {@code java XercesVerdicts.java SCHEMA FILE...}
 *
 * <p>Each line of the answer holds, separated by tabs: file, OK or E (error) or F (fatal), line, column, message. A valid file
 * has one line; an invalid one has a line for each finding.
 */
final class XercesVerdicts {
  public static void main(String[] arguments) throws Exception {
    var schema = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI).newSchema(new File(arguments[0]));
    try (var answer = new PrintWriter(System.out, true, StandardCharsets.UTF_8)) {
      for (String file : List.of(arguments).subList(1, arguments.length)) {
        check(schema.newValidator(), new File(file), answer);
      }
    }
  }

  private static void check(Validator validator, File file, PrintWriter answer) throws Exception {
    var findings = new Findings(file.getName(), answer);
    validator.setErrorHandler(findings);
    try {
      validator.validate(new StreamSource(file));
    } catch (SAXParseException stop) {
      // A fatal error ends the file; it has been written down already.
    }
    if (findings.none) {
      answer.println(file.getName() + "\tOK\t0\t0\t");
    }
  }

  private static final class Findings implements ErrorHandler {
    private final String file;
    private final PrintWriter answer;
    private boolean none = true;

    Findings(String file, PrintWriter answer) {
      this.file = file;
      this.answer = answer;
    }

    private void write(String kind, SAXParseException finding) {
      none = false;
      var message = finding.getMessage().replaceAll("[\\t\\r\\n]", " ");
      answer.println(String.join("\t", file, kind, "" + finding.getLineNumber(), "" + finding.getColumnNumber(), message));
    }

    @Override
    public void warning(SAXParseException finding) {}

    @Override
    public void error(SAXParseException finding) {
      write("E", finding);
    }

    @Override
    public void fatalError(SAXParseException finding) throws SAXException {
      write("F", finding);
      throw finding;
    }
  }
}

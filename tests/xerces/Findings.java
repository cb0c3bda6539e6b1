import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * Tells what the JDK's Xerces finds in many documents, in one run: Findings SCHEMA DOCUMENTS.
 *
 * DOCUMENTS holds them one after another, each behind its length in four bytes. One line of output per finding: the
 * document's number, E or F (fatal), line, column, message, between tabs; backslash, tab and line ends are escaped.
 */
public class Findings {
    public static void main(String[] args) throws Exception {
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        Schema schema = factory.newSchema(new File(args[0]));
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(args[1])))) {
            for (int number = 0; ; number++) {
                byte[] document = new byte[in.readInt()];
                in.readFully(document);
                // What a validator has read before decides whether it knows a place for faults in the first characters.
                tell(schema.newValidator(), number, document, out);
            }
        } catch (EOFException end) {
            out.flush();
        }
    }

    private static void tell(Validator validator, int number, byte[] document, PrintStream out) throws IOException {
        boolean[] fatal = {false};
        validator.setErrorHandler(new ErrorHandler() {
            public void warning(SAXParseException finding) {
            }

            public void error(SAXParseException finding) {
                print("E", finding.getLineNumber(), finding.getColumnNumber(), finding);
            }

            public void fatalError(SAXParseException finding) throws SAXException {
                fatal[0] = true;
                print("F", finding.getLineNumber(), finding.getColumnNumber(), finding);
                throw finding;
            }

            private void print(String kind, int line, int column, Exception finding) {
                out.println(number + "\t" + kind + "\t" + line + "\t" + column + "\t" + escaped(finding.getMessage()));
            }
        });
        try {
            validator.validate(new StreamSource(new ByteArrayInputStream(document)));
        } catch (SAXException | IOException | RuntimeException problem) {
            if (!fatal[0]) {
                out.println(number + "\tF\t-1\t-1\t" + escaped(String.valueOf(problem.getMessage())));
            }
        }
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r");
    }
}

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
import java.nio.charset.StandardCharsets;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * Tells what the JDK's Xerces finds in many documents by many schemas, in one run: AnySchema JOBS.
 *
 * JOBS holds, again and again, the path of a schema, a number, and so many documents; each behind its length in four
 * bytes. One line of output per finding: the job's number, the document's, E, F (fatal) or S (the schema itself), line,
 * column, message, between tabs; backslash, tab and line ends are escaped.
 */
public class AnySchema {
    private static final PrintStream OUT;

    static {
        try {
            OUT = new PrintStream(new FileOutputStream(FileDescriptor.out), false, "UTF-8");
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public static void main(String[] args) throws Exception {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(args[0])))) {
            for (int job = 0; ; job++) {
                Schema schema = schema(job, new String(bytes(in), StandardCharsets.UTF_8));
                int count = in.readInt();
                for (int number = 0; number < count; number++) {
                    byte[] document = bytes(in);
                    if (schema != null) {
                        tell(schema.newValidator(), job, number, document);
                    }
                }
            }
        } catch (EOFException end) {
            OUT.flush();
        }
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    private static Schema schema(int job, String path) {
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        try {
            return factory.newSchema(new File(path));
        } catch (SAXParseException problem) {
            print(job, -1, "S", problem.getLineNumber(), problem.getColumnNumber(), problem);
        } catch (SAXException problem) {
            print(job, -1, "S", -1, -1, problem);
        }
        return null;
    }

    private static void tell(Validator validator, int job, int number, byte[] document) throws IOException {
        boolean[] fatal = {false};
        validator.setErrorHandler(new ErrorHandler() {
            public void warning(SAXParseException finding) {
            }

            public void error(SAXParseException finding) {
                print(job, number, "E", finding.getLineNumber(), finding.getColumnNumber(), finding);
            }

            public void fatalError(SAXParseException finding) throws SAXException {
                fatal[0] = true;
                print(job, number, "F", finding.getLineNumber(), finding.getColumnNumber(), finding);
                throw finding;
            }
        });
        try {
            validator.validate(new StreamSource(new ByteArrayInputStream(document)));
        } catch (SAXException | IOException | RuntimeException problem) {
            if (!fatal[0]) {
                print(job, number, "F", -1, -1, problem);
            }
        }
    }

    private static void print(int job, int number, String kind, int line, int column, Exception finding) {
        String text = String.valueOf(finding.getMessage());
        String escaped = text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r");
        OUT.println(job + "\t" + number + "\t" + kind + "\t" + line + "\t" + column + "\t" + escaped);
    }
}

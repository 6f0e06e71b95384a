/*
 * Runs Flyway's migrate in one JVM: one call per line on standard input, one answer per line on
 * standard output.
 *   in:  URL USER PASSWORD FOLDER BASELINE    percent-encoded; BASELINE is the version that is there
 *   out: ok N, the number of migrations, or: err MESSAGE    percent-encoded, outer to inner
 */

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;
import org.flywaydb.core.Flyway;

public class FlywayRunner {
    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        LogManager.getLogManager().reset();
        System.setOut(new PrintStream(new ByteArrayOutputStream()));
        System.setErr(new PrintStream(new ByteArrayOutputStream()));
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            answers.println(answer(line.split(" ", -1)));
            answers.flush();
        }
    }

    private static String answer(String[] words) throws Exception {
        for (int i = 0; i < words.length; i++)
            words[i] = URLDecoder.decode(words[i], "UTF-8");
        try {
            int n = Flyway.configure()
                .dataSource(words[0], words[1].isEmpty() ? null : words[1],
                            words[2].isEmpty() ? null : words[2])
                .locations("filesystem:" + words[3])
                .baselineOnMigrate(true)
                .baselineVersion(words[4])
                .load().migrate().migrationsExecuted;
            return "ok " + n;
        } catch (Throwable t) {
            StringBuilder all = new StringBuilder();
            for (Throwable cause = t; cause != null; cause = cause.getCause())
                all.append(cause.getClass().getSimpleName()).append(": ")
                    .append(cause.getMessage()).append('\n');
            return "err " + URLEncoder.encode(all.toString(), "UTF-8");
        }
    }
}

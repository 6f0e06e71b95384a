/*
 * Runs Liquibase commands in one JVM, since a start of it costs a second: one command per line on
 * standard input, one answer per line on standard output.
 *   in:  COMMAND KEY=VALUE KEY=VALUE ...   words are percent-encoded; dir= is where changelogs are
 *        looked for, out= is a file for what the command prints, -DKEY= is a system property for
 *        this one command
 *   out: ok, or: err MESSAGE               percent-encoded, the exceptions from the outer to the inner
 * The command changeTypes is our own: ok, then the names of the change types that this version knows.
 * The command jdbc is our own too, and asks no Liquibase: it runs sql= on url= and, where it is a
 * query, writes its rows to out=, a line each, the columns with TABs between them.
 */

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.logging.LogManager;
import liquibase.Scope;
import liquibase.change.ChangeFactory;
import liquibase.command.CommandScope;
import liquibase.resource.DirectoryResourceAccessor;

public class Runner {
    private static final int MAX_CAUSES = 12;

    public static void main(String[] args) throws Exception {
        PrintStream answers = System.out;
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream() {
            @Override
            public synchronized void write(byte[] bytes, int from, int n) {
            }

            @Override
            public synchronized void write(int b) {
            }
        }, true);
        LogManager.getLogManager().reset();
        System.setOut(nowhere);
        System.setErr(nowhere);
        BufferedReader in =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            answers.println(answer(line.split(" "), nowhere));
            answers.flush();
        }
    }

    private static String answer(String[] words, PrintStream out) throws Exception {
        Map<String, String> arguments = new LinkedHashMap<>();
        Map<String, String> properties = new LinkedHashMap<>();
        String folder = ".";
        String printed = null;
        for (int i = 1; i < words.length; i++) {
            int eq = words[i].indexOf('=');
            String key = words[i].substring(0, eq);
            String value = URLDecoder.decode(words[i].substring(eq + 1), "UTF-8");
            if (key.equals("dir"))
                folder = value;
            else if (key.equals("out"))
                printed = value;
            else if (key.startsWith("-D"))
                properties.put(key.substring(2), value);
            else
                arguments.put(key, value);
        }
        if (words[0].equals("changeTypes"))
            return "ok " + String.join("+", Scope.getCurrentScope()
                .getSingleton(ChangeFactory.class).getDefinedChanges());
        if (words[0].equals("jdbc"))
            return jdbc(arguments, printed);
        properties.forEach(System::setProperty);
        try {
            if (printed == null)
                run(words[0], arguments, folder, out);
            else
                try (PrintStream file = new PrintStream(printed)) {
                    run(words[0], arguments, folder, file);
                }
            return "ok";
        } catch (Throwable t) {
            return "err " + URLEncoder.encode(messages(t), "UTF-8");
        } finally {
            properties.keySet().forEach(System::clearProperty);
        }
    }

    private static void run(String command, Map<String, String> arguments, String folder,
                            PrintStream out) throws Exception {
        Map<String, Object> scope = new HashMap<>();
        scope.put(Scope.Attr.resourceAccessor.name(),
                  new DirectoryResourceAccessor(new File(folder)));
        Scope.child(scope, () -> {
            CommandScope c = new CommandScope(command);
            arguments.forEach(c::addArgumentValue);
            c.setOutput(out);
            c.execute();
        });
    }

    private static String jdbc(Map<String, String> arguments, String printed) throws Exception {
        try (java.sql.Connection c = java.sql.DriverManager.getConnection(arguments.get("url"));
             java.sql.Statement s = c.createStatement()) {
            if (!s.execute(arguments.get("sql")))
                return "ok";
            try (java.sql.ResultSet rows = s.getResultSet();
                 PrintStream file = new PrintStream(printed, "UTF-8")) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next())
                    for (int i = 1; i <= columns; i++)
                        file.print(rows.getString(i) + (i < columns ? "\t" : "\n"));
            }
            return "ok";
        } catch (Exception e) {
            return "err " + URLEncoder.encode(messages(e), "UTF-8");
        }
    }

    private static String messages(Throwable t) {
        StringBuilder all = new StringBuilder();
        int n = 0;
        for (Throwable cause = t; cause != null && n < MAX_CAUSES; cause = cause.getCause(), n++)
            all.append(cause.getClass().getSimpleName()).append(": ").append(cause.getMessage())
                .append('\n');
        return all.toString();
    }
}

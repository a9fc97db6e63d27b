package dev.natter.backup;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a backup holds: {@code manifest.json}, written last. A folder without one is no backup.
 *
 * @param format how it is laid out; 1
 * @param at the moment that the databases are of
 * @param databases what each service's database held
 * @param files what was copied of the files
 */
record Manifest(int format, Instant at, Map<String, Stored> databases, Tree.Size files) {
    static final String FILE = "manifest.json";
    static final int FORMAT = 1;

    /**
     * What a database held.
     *
     * @param migrations those that have made its schema, with their checksums
     * @param tables its tables; those that others refer to come first
     */
    record Stored(Map<String, Integer> migrations, List<Rows> tables) {}

    /**
     * What a table held.
     *
     * @param table the table
     * @param columns its columns in the order of the file
     * @param rows how many there are
     * @param sha256 of the file, in hex digits
     */
    record Rows(String table, List<String> columns, long rows, String sha256) {
        /** Where they are, within the backup. */
        String file(Store store) {
            return "databases/" + store.key() + "/" + table + ".copy.gz";
        }
    }
}

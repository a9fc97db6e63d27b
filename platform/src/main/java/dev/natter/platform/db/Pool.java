package dev.natter.platform.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.helidon.config.Config;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/**
 * How connections are made: settings of the pool and of the driver.
 *
 * @param url where to
 * @param name who connects, as PostgreSQL shows it
 * @param size how many connections at most
 * @param timeout how long to wait for a free one
 */
record Pool(DatabaseUrl url, String name, int size, Duration timeout) {
    private static final Duration MAX_TIMEOUT = Duration.ofSeconds(30);

    /** No statement of a request may hold a row longer than a client waits, nor may a process that hangs. */
    private static final String LIMITS = "SET statement_timeout = '20s'; SET lock_timeout = '10s';"
            + " SET idle_in_transaction_session_timeout = '30s'";

    static Pool from(Config config, String name) {
        DatabaseUrl url = DatabaseUrl.parse(config.get("database.url")
                .asString()
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new IllegalArgumentException("DATABASE_URL must be set")));
        int size = config.get("database.pool.size").asInt().orElse(0);
        if (size < 0 || size > 1000) {
            throw new IllegalArgumentException("database.pool.size must be 0 (twice the cores) to 1000, not " + size);
        }
        Duration timeout =
                config.get("database.pool.timeout").as(Duration.class).orElse(Duration.ofSeconds(2));
        if (timeout.toMillis() < 250 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("database.pool.timeout must be PT0.25S to PT30S, not " + timeout);
        }
        String user = config.get("database.user")
                .asString()
                .filter(text -> !text.isBlank())
                .orElse(url.user());
        String password = config.get("database.password")
                .asString()
                .filter(text -> !text.isBlank())
                .orElse(url.password());
        int chosen = size > 0 ? size : Math.max(4, 2 * Runtime.getRuntime().availableProcessors());
        return new Pool(new DatabaseUrl(url.jdbc(), user, password), name, chosen, timeout);
    }

    HikariDataSource open() {
        HikariConfig hikari = new HikariConfig();
        hikari.setPoolName(name);
        hikari.setJdbcUrl(url.jdbc());
        hikari.setMaximumPoolSize(size);
        hikari.setConnectionTimeout(timeout.toMillis());
        hikari.setValidationTimeout(Math.min(timeout.toMillis(), 1000));
        hikari.setKeepaliveTime(Duration.ofMinutes(2).toMillis());
        hikari.setInitializationFailTimeout(-1);
        hikari.setConnectionInitSql(LIMITS);
        Properties properties = properties();
        properties.setProperty("socketTimeout", "30");
        hikari.setDataSourceProperties(properties);
        return new HikariDataSource(hikari);
    }

    /** A connection outside of the pool, for migrations, which may take their time. */
    Connection patient() throws SQLException {
        return DriverManager.getConnection(url.jdbc(), properties());
    }

    /** A connection outside of the pool, on which a server that hangs is noticed. */
    Connection single() throws SQLException {
        Properties properties = properties();
        properties.setProperty("socketTimeout", "10");
        return DriverManager.getConnection(url.jdbc(), properties);
    }

    private Properties properties() {
        Properties properties = new Properties();
        if (url.user() != null) {
            properties.setProperty("user", url.user());
        }
        if (url.password() != null) {
            properties.setProperty("password", url.password());
        }
        properties.setProperty("ApplicationName", name);
        properties.setProperty("connectTimeout", "3");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("prepareThreshold", "3");
        properties.setProperty("reWriteBatchedInserts", "false");
        return properties;
    }
}

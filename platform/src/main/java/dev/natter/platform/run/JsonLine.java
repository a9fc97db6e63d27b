package dev.natter.platform.run;

import dev.natter.platform.http.Json;
import dev.natter.platform.http.RequestId;
import dev.natter.platform.http.Rfc3339;
import dev.natter.platform.trace.Span;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import tools.jackson.databind.node.ObjectNode;

/**
 * Formats a line as one JSON object. A record among what is logged, as the access log has, becomes fields of it; a
 * stack trace is a field like any other.
 */
final class JsonLine extends Formatter {
    @Override
    public String format(LogRecord record) {
        ObjectNode line = Json.mapper().createObjectNode();
        line.put("time", Rfc3339.text(record.getInstant()));
        line.put("level", Logging.level(record.getLevel()).strip());
        put(line, "request_id", RequestId.current());
        put(line, "trace_id", Span.current().traceId());
        line.put("logger", record.getLoggerName());
        line.put("message", formatMessage(record));
        if (record.getParameters() != null
                && record.getParameters().length == 1
                && record.getParameters()[0] instanceof Record fields) {
            line.setAll((ObjectNode) Json.mapper().valueToTree(fields));
        }
        if (record.getThrown() != null) {
            line.put("stack_trace", Logging.trace(record.getThrown()));
        }
        return Json.mapper().writeValueAsString(line) + "\n";
    }

    private static void put(ObjectNode line, String name, String value) {
        if (value != null) {
            line.put(name, value);
        }
    }
}

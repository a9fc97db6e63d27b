package dev.natter.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** A container of an installation, as the engine sees it. */
record Container(JsonNode seen) {
    /** All of a project, those that have stopped included. */
    static List<Container> of(Docker docker, String project) {
        String[] ids = docker.docker("ps", "-aq", "--filter", "label=com.docker.compose.project=" + project)
                .split("\\s+");
        String[] question = new String[ids.length + 1];
        question[0] = "inspect";
        System.arraycopy(ids, 0, question, 1, ids.length);
        return Contract.JSON
                .readTree(docker.docker(question))
                .valueStream()
                .map(Container::new)
                .toList();
    }

    /** What the compose file calls it. */
    String service() {
        return seen.at("/Config/Labels/com.docker.compose.service").asString();
    }

    /** As in {@code 10001:10001}; empty if it runs as root. */
    String user() {
        return seen.at("/Config/User").asString();
    }

    /** Everything that compose says to it, and no file, can be read by whoever asks the engine. */
    List<String> environment() {
        return seen.at("/Config/Env").valueStream().map(JsonNode::asString).toList();
    }

    /** As in {@code healthy}; empty if nobody asks for its health. */
    String health() {
        return seen.at("/State/Health/Status").asString("");
    }

    /**
     * Demands that it can write nowhere but where it must, has no rights, and takes no more of the machine than its
     * part.
     */
    void demandBounds() {
        JsonNode host = seen.at("/HostConfig");
        assertThat(host.get("ReadonlyRootfs").asBoolean()).as(service()).isTrue();
        assertThat(host.get("Privileged").asBoolean()).as(service()).isFalse();
        assertThat(texts(host.get("CapDrop"))).as(service()).containsExactly("ALL");
        assertThat(texts(host.get("CapAdd"))).as(service()).isEmpty();
        assertThat(texts(host.get("SecurityOpt"))).as(service()).containsExactly("no-new-privileges:true");
        for (String bound : List.of("Memory", "NanoCpus", "PidsLimit")) {
            assertThat(host.get(bound).asLong(0)).as(service() + " " + bound).isPositive();
        }
        assertThat(host.at("/LogConfig/Config/max-size").asString())
                .as(service())
                .isEqualTo("10m");
    }

    private static List<String> texts(JsonNode list) {
        return list.valueStream().map(JsonNode::asString).toList();
    }
}

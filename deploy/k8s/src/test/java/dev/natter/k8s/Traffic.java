package dev.natter.k8s;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** What NetworkPolicies let through, by the rules of the API: what any policy allows, once one speaks of the pod. */
record Traffic(List<Pod> pods, List<NetworkPolicy> policies) {
    private static final List<Integer> PORTS = List.of(4222, 5432, 8080, 8222, 9090);

    static Traffic of(Installation installation) {
        return new Traffic(installation.pods(), installation.all(NetworkPolicy.class));
    }

    /** What policies let out, as in {@code chat-service -> auth-service:9090}. */
    SortedSet<String> leaving() {
        return pairs(this::leaves);
    }

    /** What policies let in; what isn't let out as well doesn't arrive. */
    SortedSet<String> entering() {
        return pairs(this::enters);
    }

    /** From other namespaces, by their names, as in {@code monitoring -> chat-service:9090}. */
    SortedSet<String> fromElsewhere() {
        SortedSet<String> passes = new TreeSet<>();
        for (Pod to : pods) {
            for (NetworkPolicy policy : about(to, "Ingress")) {
                policy.getSpec()
                        .getIngress()
                        .forEach(rule -> elsewhere(
                                rule.getFrom(),
                                rule.getPorts(),
                                (peer, port) -> passes.add(peer + " -> " + to.name() + ":" + port)));
            }
        }
        return passes;
    }

    /** To other namespaces and addresses, as in {@code chat-service -> 192.0.2.0/24:5432}. */
    SortedSet<String> toElsewhere() {
        SortedSet<String> passes = new TreeSet<>();
        for (Pod from : pods) {
            for (NetworkPolicy policy : about(from, "Egress")) {
                policy.getSpec()
                        .getEgress()
                        .forEach(rule -> elsewhere(
                                rule.getTo(),
                                rule.getPorts(),
                                (peer, port) -> passes.add(from.name() + " -> " + peer + ":" + port)));
            }
        }
        return passes;
    }

    /** Whether traffic passes one end. */
    private interface Passage {
        boolean lets(Pod from, Pod to, int port);
    }

    private SortedSet<String> pairs(Passage passage) {
        SortedSet<String> passes = new TreeSet<>();
        for (Pod from : pods) {
            for (Pod to : pods) {
                for (int port : PORTS) {
                    if (from != to && to.hasPort(port) && passage.lets(from, to, port)) {
                        passes.add(from.name() + " -> " + to.name() + ":" + port);
                    }
                }
            }
        }
        return passes;
    }

    private static void elsewhere(
            List<NetworkPolicyPeer> peers, List<NetworkPolicyPort> ports, BiConsumer<String, Integer> found) {
        peers.stream()
                .filter(peer -> peer.getNamespaceSelector() != null || peer.getIpBlock() != null)
                .forEach(peer -> ports.forEach(port -> found.accept(name(peer), number(port))));
    }

    private boolean leaves(Pod from, Pod to, int port) {
        List<NetworkPolicy> about = about(from, "Egress");
        return about.isEmpty()
                || about.stream()
                        .flatMap(policy -> policy.getSpec().getEgress().stream())
                        .anyMatch(rule -> allows(rule.getTo(), rule.getPorts(), to, port));
    }

    private boolean enters(Pod from, Pod to, int port) {
        List<NetworkPolicy> about = about(to, "Ingress");
        return about.isEmpty()
                || about.stream()
                        .flatMap(policy -> policy.getSpec().getIngress().stream())
                        .anyMatch(rule -> allows(rule.getFrom(), rule.getPorts(), from, port));
    }

    private List<NetworkPolicy> about(Pod pod, String direction) {
        return policies.stream()
                .filter(policy -> policy.getSpec().getPolicyTypes().contains(direction))
                .filter(policy -> pod.fits(policy.getSpec().getPodSelector()))
                .toList();
    }

    /** No peers are all peers, and no ports all ports. */
    private static boolean allows(List<NetworkPolicyPeer> peers, List<NetworkPolicyPort> ports, Pod pod, int port) {
        return (peers.isEmpty() || peers.stream().anyMatch(peer -> near(peer, pod)))
                && (ports.isEmpty() || ports.stream().anyMatch(open -> number(open) == port));
    }

    private static boolean near(NetworkPolicyPeer peer, Pod pod) {
        return peer.getNamespaceSelector() == null && peer.getIpBlock() == null && pod.fits(peer.getPodSelector());
    }

    private static int number(NetworkPolicyPort port) {
        return port.getPort().getIntVal();
    }

    private static String name(NetworkPolicyPeer peer) {
        return peer.getIpBlock() != null
                ? peer.getIpBlock().getCidr()
                : peer.getNamespaceSelector().getMatchLabels().get("kubernetes.io/metadata.name");
    }
}

package dev.natter.tests;

import dev.natter.local.Natter;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A running Natter and the people in it, shared by all tests of an arrangement: registering is slow by design. */
final class World implements AutoCloseable {
    private final Natter natter;
    private final Client anonymous;
    private final Map<String, Person> people = new ConcurrentHashMap<>();
    private final AtomicInteger names = new AtomicInteger();

    World(Natter natter) {
        this.natter = natter;
        this.anonymous = Client.anonymous(natter.baseUri());
    }

    Natter natter() {
        return natter;
    }

    URI base() {
        return natter.baseUri();
    }

    Client anonymous() {
        return anonymous;
    }

    /** The person of this name, registered when first asked for. */
    Person person(String name) {
        return people.computeIfAbsent(name, this::register);
    }

    /** Somebody nobody else knows. */
    Person stranger() {
        return register(fresh("stranger"));
    }

    /** A name that is not taken. */
    String fresh(String prefix) {
        return prefix + "." + names.incrementAndGet();
    }

    private Person register(String name) {
        return Person.register(anonymous, name + ".test");
    }

    @Override
    public void close() {
        natter.close();
    }
}

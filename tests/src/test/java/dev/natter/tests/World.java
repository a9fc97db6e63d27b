package dev.natter.tests;

import dev.natter.testing.Tap;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A running Natter and the people in it, shared by all tests of an arrangement: registering is slow by design. */
final class World implements AutoCloseable {
    private final Installation natter;
    private final Tap tap;
    private final Client anonymous;
    private final Map<String, Person> people = new ConcurrentHashMap<>();
    private final AtomicInteger names = new AtomicInteger();

    World(Installation natter) {
        this.natter = natter;
        this.tap = Tap.on(natter.natsUrl());
        this.anonymous = Client.anonymous(natter.baseUri());
    }

    Installation natter() {
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

    /** Demands that every event so far was what the contract says. */
    void demandValidEvents() {
        tap.demandValid();
    }

    @Override
    public void close() {
        try {
            tap.close();
        } finally {
            natter.close();
        }
    }
}

package dev.natter.faults;

import dev.natter.local.Part;
import java.net.URI;
import java.util.List;

/** Where clients find the services. */
interface Doors {
    /** Where a service's clients go. */
    URI open(Part part);

    /** Where their sockets can be. */
    List<URI> gateways();
}

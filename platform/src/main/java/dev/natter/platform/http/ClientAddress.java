package dev.natter.platform.http;

/** Where the request that this thread is working for comes from, as far as trusted proxies tell. */
public final class ClientAddress {
    private ClientAddress() {}

    /**
     * The address of the client of the current request.
     *
     * @return the address in digits; {@code -} outside of a request
     */
    public static String current() {
        return Exchange.current().address();
    }
}

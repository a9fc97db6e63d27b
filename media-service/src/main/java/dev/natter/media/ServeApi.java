package dev.natter.media;

import dev.natter.platform.http.Query;
import dev.natter.platform.http.Routes;
import dev.natter.platform.token.SignedUrl;
import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** Files and avatars on their way out. No token: a file's url is signed, an avatar's can't be guessed. */
final class ServeApi {
    /** A signed address outlives nothing in a cache that is the user's own; the bytes behind it never change. */
    private static final String PRIVATE = "private, max-age=3600, immutable";

    private static final String PUBLIC = "public, max-age=31536000, immutable";

    private final DiskStore store;
    private final Files files;
    private final Avatars avatars;
    private final SignedUrl signer;

    ServeApi(DiskStore store, Files files, Avatars avatars, SignedUrl signer) {
        this.store = store;
        this.files = files;
        this.avatars = avatars;
        this.signer = signer;
    }

    void routes(Routes open) {
        open.anonymous(Method.GET, "/media/messages/{file_id}", this::file);
        open.anonymous(Method.GET, "/media/messages/{file_id}/thumbnail", this::thumbnail);
        open.anonymous(Method.GET, "/media/avatars/{avatar_id}", this::avatar);
    }

    private void file(ServerRequest request, ServerResponse response) throws IOException {
        UUID id = Query.pathId(request, "file_id", "file");
        demandSignature(request, "/" + DiskStore.file(id));
        Files.Row row = files.find(id).orElseThrow(Problems::noFile);
        var what = new Sending(
                row.contentType(),
                row.sha256(),
                PRIVATE,
                Disposition.header(ContentType.isInline(row.contentType()), row.name()));
        what.send(request, response, store.open(DiskStore.file(id)));
    }

    private void thumbnail(ServerRequest request, ServerResponse response) throws IOException {
        UUID id = Query.pathId(request, "file_id", "file");
        demandSignature(request, "/" + DiskStore.file(id) + "/thumbnail");
        Files.Row row =
                files.find(id).filter(found -> found.thumbnailType() != null).orElseThrow(Problems::noFile);
        var what = new Sending(row.thumbnailType(), row.sha256() + "-thumbnail", PRIVATE, "inline");
        what.send(request, response, store.open(DiskStore.thumbnail(id)));
    }

    private void avatar(ServerRequest request, ServerResponse response) throws IOException {
        UUID id = Query.pathId(request, "avatar_id", "avatar");
        Avatars.Row row = avatars.find(id).orElseThrow(Problems::noFile);
        var what = new Sending(row.contentType(), row.sha256(), PUBLIC, "inline");
        what.send(request, response, store.open(DiskStore.avatar(id)));
    }

    private void demandSignature(ServerRequest request, String path) {
        String signature = Query.text(request, "signature").orElse("");
        Optional<Long> expires = Query.text(request, "expires")
                .filter(text -> text.matches("[0-9]{1,18}"))
                .map(Long::parseLong);
        if (expires.isEmpty() || !signer.verify(path, expires.get(), signature)) {
            throw Problems.badSignature();
        }
    }
}

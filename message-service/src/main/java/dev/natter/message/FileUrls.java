package dev.natter.message;

import dev.natter.contracts.FileInfo;
import dev.natter.contracts.Message;
import dev.natter.platform.token.SignedUrl;
import java.util.List;

/** Opens the files of a message to whoever may see the message, for a while. */
record FileUrls(SignedUrl signer) {
    Message signed(Message message) {
        if (message.files().isEmpty()) {
            return message;
        }
        List<FileInfo> files = message.files().stream().map(this::signed).toList();
        return new Message(
                message.id(),
                message.chatId(),
                message.seq(),
                message.changedSeq(),
                message.type(),
                message.senderId(),
                message.content(),
                message.replyToId(),
                files,
                message.clientId(),
                message.createdAt(),
                message.editedAt(),
                message.deletedAt());
    }

    List<Message> signed(List<Message> messages) {
        return messages.stream().map(this::signed).toList();
    }

    private FileInfo signed(FileInfo file) {
        return new FileInfo(
                file.id(),
                file.name(),
                file.size(),
                file.contentType(),
                file.sha256(),
                file.width(),
                file.height(),
                signer.sign(file.url()),
                file.thumbnailUrl() == null ? null : signer.sign(file.thumbnailUrl()));
    }
}

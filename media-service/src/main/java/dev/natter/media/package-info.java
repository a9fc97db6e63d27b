/**
 * media-service: the files of messages and the pictures of users.
 *
 * <p><b>The idea.</b> Bytes lie in a store under keys made of ids, never of names; rows say whose they are; urls are
 * signed, so that serving needs no question to anybody. What a file is, its bytes say.
 *
 * <p><b>The invariants.</b> A row has its bytes: they are flushed and in place before it is committed, and it is gone
 * before they are deleted. Bytes without a row are nobody's, and swept. A row of a file, its event and the answer to
 * the request are committed together or not at all. After a message's deletion was heard of, nothing can be attached to
 * it: both lock the message's row. A refused upload leaves nothing behind.
 *
 * <p><b>The path of a file.</b> {@link dev.natter.media.Upload} reads the body into a {@link dev.natter.media.Draft};
 * {@link dev.natter.media.Intake} finds out what it is ({@link dev.natter.media.ContentType},
 * {@link dev.natter.media.PictureFormat}), takes pictures apart without decoding them
 * ({@link dev.natter.media.Anatomy}), drops what isn't picture, and lets {@link dev.natter.media.Pictures} make the
 * thumbnail; {@link dev.natter.media.DiskStore} keeps it, {@link dev.natter.media.Files} knows it,
 * {@link dev.natter.media.Sending} gives it out.
 *
 * <p><b>Threads.</b> A request works on its own virtual thread; decoding, the only thing whose memory grows with what
 * was sent, is bounded by permits. The sweeper has a thread of its own.
 */
package dev.natter.media;

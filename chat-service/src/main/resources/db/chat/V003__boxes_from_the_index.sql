-- The rows of one user's chats lie wherever the chats were made, each on a page of its own. With these columns in the
-- index, both "which chats" and "what is new in this box" are read from its one range, whatever the number of members.
CREATE INDEX members_by_box ON members (user_id, user_seq) INCLUDE (chat_id, joined_seq);
DROP INDEX members_by_user_seq;

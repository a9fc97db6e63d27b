package dev.natter.faults;

/** How the five services run; a second gateway is a process of its own in both. */
enum Shape {
    TOGETHER,
    SEPARATE
}

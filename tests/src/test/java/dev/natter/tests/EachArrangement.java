package dev.natter.tests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs a test class against all in one process and against five processes behind nginx; or, if the run is about them,
 * against the images.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("e2e")
@Tag("arranged")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.natter.tests.Arrangement#chosen")
@ExtendWith(Arrangement.Curtain.class)
@interface EachArrangement {}

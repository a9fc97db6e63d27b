/**
 * How fast Natter is, and beside each figure what limits it, measured in the same run on the same machine.
 *
 * <p>{@link dev.natter.bench.Main} runs {@link dev.natter.bench.Scenario}s. Each sets up an installation
 * ({@link dev.natter.bench.Stage}) with people in it, measures, and gives {@link dev.natter.bench.Figure}s;
 * {@link dev.natter.bench.Report} prints them as one table and keeps them as JSON.
 */
package dev.natter.bench;

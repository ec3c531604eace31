// Package volume is the part of the rulebook that judges an engine's volumes.
package volume

// Package image is the part of the rulebook that judges the images an engine
// holds, by their configuration.
package image

// Package image is the part of the rulebook that judges the images an engine
// holds: their configuration, their history and, where they were read, their
// files.
package image

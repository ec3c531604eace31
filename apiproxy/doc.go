// Package apiproxy answers what known filters in front of an engine's API let
// through, by the settings of their container: whether who reaches one may order the
// engine, or only ask it.
//
// It is pure, and reads facts through a [snapshot.Witness]. What a filter that is not
// known lets through it does not say.
package apiproxy

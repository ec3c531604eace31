// Package container is the part of the rulebook that judges containers: those
// of an engine, running or not, and declared ones.
//
// One cause gives one finding. A privileged container is reported as that, and
// the rules about what being privileged implies do not apply to it.
package container

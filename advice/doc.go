// Package advice works out the least that a container needs to be given: from what it
// was seen to use (an observation), its settings and its image's files (a snapshot), and
// what it holds at the moment.
//
// What was not seen is never taken for "not needed" without saying so: each piece of
// advice carries a verdict and its reasons, and the whole carries what it rests on.
// Nothing here is read or changed; the same input gives the same advice.
package advice

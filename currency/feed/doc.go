// Package feed reads the documents in which others publish what they know of flaws,
// and lays it on the reviewed data of package known.
//
// A reviewed record keeps its ranges, its conditions and its words. What is added is
// what a distribution says of its packages, what is known to be exploited, until when
// branches are maintained, and flaws that nobody has reviewed yet, which say so.
//
// Every reader takes a document whole or refuses it: one that is cut off, of another
// kind, or too large changes nothing.
package feed

// Package rule says what a rule is and how a snapshot is judged.
//
// A [Rule] is a value: its question, its reason, its fix, its references, its
// examples and a check of a few lines. A check sees one subject through a
// [Pass], its only window on the world. Reading a fact through the pass makes
// it evidence; reading one that could not be read makes the verdict "unknown".
// No check can turn what nobody saw into a pass.
//
// The package is pure: it reads no file and knows no source.
package rule

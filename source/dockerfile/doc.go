// Package dockerfile reads Dockerfiles and tells which image they would make, without
// building it: the configuration of its last stage as an engine would tell it, and what
// the steps of its build do.
//
// Only the file is read, with the names of ignore files beside it. What the base image
// brings is not known, and of a build argument without a default neither: what depends
// on them is a gap.
package dockerfile

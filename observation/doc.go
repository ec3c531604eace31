// Package observation is the model of what containers were seen to use: the
// capabilities that were asked of the kernel and what it answered, system calls,
// sockets, changed files. Each fact carries the call, the process and the time it was first seen;
// each container how long it was watched and how many starts, so that whoever draws
// conclusions knows what they rest on.
//
// An observation is JSON (docs/schema/observation-1.json), and several of them merge.
package observation

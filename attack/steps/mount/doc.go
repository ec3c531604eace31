// Package mount has the attack steps that go by files of the host and of other
// containers that a container has inside, sockets, volumes and secrets included. One
// file a step.
package mount

// Package engineapi reads an engine through its API: it finds the endpoint as
// the Docker CLI would, connects, and collects what the API tells.
//
// It sends GET requests only, each with a deadline. What an engine does not
// answer becomes a gap. One exception to "no subprocesses" lives here: for
// ssh:// endpoints it starts the ssh program, as the Docker CLI does (ssh.go).
package engineapi

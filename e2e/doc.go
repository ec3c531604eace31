// Package e2e tests the built program on real engines, as a person runs it. It
// holds tests only: what an audit finds, and what it must never do.
package e2e

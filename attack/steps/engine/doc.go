// Package engine has the attack steps that go by the Engine API, by swarms, by images
// and by networks of containers: who reaches them, and what they give.
package engine

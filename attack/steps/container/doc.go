// Package container has the attack steps that go by what confines a container: its
// user, its capabilities, its namespaces and the guards of the kernel. One file a step.
package container

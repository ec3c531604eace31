// Package host has the attack steps that go by the host's accounts, files and services.
package host

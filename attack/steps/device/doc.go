// Package device has the attack steps through devices of the host that a container
// may open, by families of devices.
package device

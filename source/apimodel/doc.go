// Package apimodel is the one place that turns the Engine API's description of
// a container into the snapshot's. A container that runs (GET
// /containers/ID/json) and one that is declared (a docker run line, a Compose
// service, a create request) go through the same code, so that the same
// settings become the same facts.
//
// The origin of each fact is the field's name in the API:
// "HostConfig.Privileged".
package apimodel

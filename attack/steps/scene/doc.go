// Package scene has the hosts and containers of examples on which several attack
// steps are tried, and that a run line cannot say.
package scene

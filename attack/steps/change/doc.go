// Package change has the changes that end several attack steps, each with how to make
// it, its weight and what it may break. One that ends a single step stands beside it.
package change

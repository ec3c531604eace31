// Package steps is the book of attack steps. The steps stand in packages by what
// they go by, one file a step, each with its list; what they share is in
// cond (conditions), change (what ends them), reached (who gets where over networks)
// and scene (hosts of examples).
package steps

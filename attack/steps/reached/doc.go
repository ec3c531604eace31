// Package reached says who gets to what over networks, for attack steps: the matrix of
// who reaches what, as the states that send and what is not known of them.
package reached

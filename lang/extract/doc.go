// Package extract finds the texts that the program shows to people, and says of each catalog
// what it lacks and what it has too much.
package extract

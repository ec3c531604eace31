// Package flaw has the attack steps by flaws of programs and of the kernel that newer
// versions mend. Package currency judges whether a flaw is open, by the word of who
// built the program; whether the sandbox lets it be used is a condition like others.
// One file a step.
package flaw

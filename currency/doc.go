// Package currency judges whether what a host runs containers with is up to date:
// which version of each part runs, who built it, whether its branch is maintained,
// and which advisories are open for it.
//
// The word of who built a program decides. A distribution mends flaws in packages
// that keep their version number, so that for its packages the ranges of the
// upstream releases are a remark and no verdict. Whatever is not known is said to
// be not known.
//
// It is a pure function of a snapshot and of the data in package known. The time
// against which data and branches are held is that of the snapshot.
package currency

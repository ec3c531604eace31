// Package bench measures what an audit costs beside what the engine's API
// itself needs, in one run on one engine. It has benchmarks only:
//
//	make bench
package bench

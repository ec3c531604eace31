// Command load makes work for measurements, and prints how many nanoseconds of processor
// time each operation took.
//
//	load getppid N | chown N | open N | foreign N | get N URL
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"syscall"
	"time"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("want an operation and a number, not %q", args)
	}
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	once, err := operation(args)
	if err != nil {
		return err
	}
	before, err := processorTime()
	if err != nil {
		return err
	}
	for range n {
		if err := once(); err != nil {
			return err
		}
	}
	after, err := processorTime()
	if err != nil {
		return err
	}
	_, err = fmt.Println(float64(after-before) / float64(n))
	return err
}

// operation is what is to be done again and again.
func operation(args []string) (func() error, error) {
	const file = "/tmp/load"
	if args[0] != "get" {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			return nil, err
		}
	}
	switch args[0] {
	case "getppid":
		return func() error { syscall.Getppid(); return nil }, nil
	case "chown": // asks for CHOWN every time
		return func() error { return syscall.Chown(file, 33, 33) }, nil
	case "open":
		return func() error { return opened(file) }, nil
	case "foreign": // asks for DAC_OVERRIDE every time, and changes nothing
		if err := os.Chown(file, 33, 33); err != nil {
			return nil, err
		}
		return func() error { return opened(file) }, nil
	case "get":
		return func() error { return get(args[2]) }, nil
	}
	return nil, fmt.Errorf("unknown operation %q", args[0])
}

func opened(file string) error {
	fd, err := syscall.Open(file, syscall.O_RDONLY, 0)
	if err != nil {
		return err
	}
	return syscall.Close(fd)
}

func get(url string) error {
	resp, err := http.Get(url)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

func processorTime() (time.Duration, error) {
	var u syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), err
}

// Command peers plants faults on a host made for it and tells which of them Seawall,
// docker-bench-security and Lynis report, and what each costs with more and more
// containers. Of the other tools it takes a checkout or an installation that is on this
// machine; it fetches nothing. It needs root.
//
//	go run ./bench/peers -docker-bench DIR [-lynis /] [-containers 10,50]
//
// What it prints is what docs/comparison.md has.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
)

func main() {
	dockerBench := flag.String("docker-bench", "", "directory of docker-bench-security")
	lynis := flag.String("lynis", "/", "directory below which Lynis is installed")
	counts := flag.String("containers", "10,50", "how many containers the cost is measured with")
	flag.Parse()
	if *dockerBench == "" || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *dockerBench, *lynis, strings.Split(*counts, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, dockerBench, lynis string, counts []string) error {
	dir, err := os.MkdirTemp("", "peers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "seawall")
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, "seawall/cmd/seawall")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build: %w: %s", err, out)
	}
	tools := []tool{seawallTool(program), dockerBenchTool(dockerBench), lynisTool(lynis)}
	if err := compareFaults(ctx, os.Stdout, tools); err != nil {
		return err
	}
	var errs []error
	fmt.Printf("\n| containers | tool | time | processor time | memory |\n| --- | --- | --- | --- | --- |\n")
	for _, text := range counts {
		n, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("-containers: %w", err)
		}
		errs = append(errs, measureCost(ctx, os.Stdout, tools, n))
	}
	return errors.Join(errs...)
}

package lab

import (
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// ServeRegistry serves a registry on the host's 127.0.0.1:5000, which engines trust, for
// as long as the test runs. It takes every image that is pushed to it and gives none back:
// what was pushed has the digest by which a registry knows it.
func (h *TestHost) ServeRegistry() {
	h.t.Helper()
	l, err := h.listen("127.0.0.1:5000")
	if err != nil {
		h.t.Fatalf("serve a registry: %v", err)
	}
	s := &http.Server{Handler: &registry{sizes: map[string]int{}}, ReadHeaderTimeout: time.Minute}
	go func() { _ = s.Serve(l) }() // it ends with Close
	h.t.Cleanup(func() { s.Close() })
}

// listen listens in the host's network namespace.
func (h *Host) listen(address string) (l net.Listener, err error) {
	done := make(chan struct{})
	go onOtherThread(func() {
		defer close(done)
		var ns *os.File
		if ns, err = os.Open(fmt.Sprintf("/proc/%d/ns/net", h.InitPID())); err != nil {
			return
		}
		defer ns.Close()
		if err = unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET); err == nil {
			l, err = net.Listen("tcp", address)
		}
	})
	<-done
	return l, err
}

// onOtherThread calls f on a thread that ends with the goroutine, and never on the main
// one, which stands for the whole process in /proc.
func onOtherThread(f func()) {
	runtime.LockOSThread() // unlocked on the main thread only
	if unix.Gettid() != unix.Getpid() {
		f()
		return
	}
	defer runtime.UnlockOSThread()
	done := make(chan struct{})
	go func() { // not on this thread, which is taken
		defer close(done)
		onOtherThread(f)
	}()
	<-done
}

// registry takes images and remembers the sizes of their blobs.
type registry struct {
	mu    sync.Mutex
	sizes map[string]int // by the place of an upload, later by the digest
}

// ServeHTTP answers the requests of a push (the OCI Distribution Specification, "Push").
func (r *registry) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	defer r.mu.Unlock()
	path := req.URL.Path
	dir, last := path[:strings.LastIndex(path, "/")+1], path[strings.LastIndex(path, "/")+1:]
	size, known := r.sizes[last]
	switch {
	case path == "/v2/":
	case req.Method == http.MethodHead && known:
		w.Header().Set("Content-Length", strconv.Itoa(size))
	case req.Method == http.MethodPost:
		w.Header().Set("Location", dir+"upload"+strconv.Itoa(len(r.sizes)))
		r.sizes["upload"+strconv.Itoa(len(r.sizes))] = 0
		w.WriteHeader(http.StatusAccepted)
	case req.Method == http.MethodPatch:
		r.sizes[last] += len(body)
		w.Header().Set("Location", path)
		w.Header().Set("Range", fmt.Sprintf("0-%d", max(r.sizes[last]-1, 0)))
		w.WriteHeader(http.StatusAccepted)
	case req.Method == http.MethodPut:
		digest := req.URL.Query().Get("digest")
		if digest == "" { // a manifest
			digest = fmt.Sprintf("sha256:%x", sha256.Sum256(body))
		}
		r.sizes[digest] = size + len(body)
		w.Header().Set("Docker-Content-Digest", digest)
		w.WriteHeader(http.StatusCreated)
	default:
		http.NotFound(w, req)
	}
}

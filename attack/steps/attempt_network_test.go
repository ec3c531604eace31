package steps_test

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"time"
)

func init() { maps.Copy(attempts, networkAttempts) }

// networkAttempts open connections, say nothing and close them, and take such.
var networkAttempts = map[string]func(args []string) error{
	"tcp":       func(args []string) error { return openTCP(args[0]) },
	"serve-tcp": func(args []string) error { return serveTCP(args[0]) },
	"api-proxy": func(args []string) error { return apiProxy(args[0]) },
	"ask-api":   func(args []string) error { return callAPI(http.MethodGet, args[0], "/containers/json") },
	"order-api": func(args []string) error { return callAPI(http.MethodPost, args[0], "/containers/create") },
}

func openTCP(address string) error {
	c, err := net.DialTimeout("tcp", address, 2*time.Second)
	if err != nil {
		return err
	}
	return c.Close()
}

// serveTCP takes connections until it is killed, and says when it does.
func serveTCP(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Println("serving")
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		c.Close()
	}
}

// apiProxy stands in front of an engine's socket as the filters of [apiproxy] do that are
// configured by variables: CONTAINERS for the section, POST for all that changes
// something.
func apiProxy(address string) error {
	engine := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: "http", Host: "engine"}) },
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", "/var/run/docker.sock")
		}},
	}
	filter := func(w http.ResponseWriter, r *http.Request) {
		read := r.Method == http.MethodGet || r.Method == http.MethodHead
		if !read && os.Getenv("POST") != "1" || !strings.HasPrefix(r.URL.Path, "/containers") || os.Getenv("CONTAINERS") != "1" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		engine.ServeHTTP(w, r)
	}
	return http.ListenAndServe(address, http.HandlerFunc(filter))
}

// callAPI sends a request without a body to an engine's API. An order is refused by the
// engine for want of one, which shows that it was let through.
func callAPI(method, address, path string) error {
	request, err := http.NewRequest(method, "http://"+address+path, nil)
	if err != nil {
		return err
	}
	answer, err := (&http.Client{Timeout: 5 * time.Second}).Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.Header.Get("Api-Version") == "" {
		return fmt.Errorf("%s: it is not the engine that answers", answer.Status)
	}
	return nil
}

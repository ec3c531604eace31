package probe

import (
	"crypto/rand"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"seawall/lab"
)

// TestServices: what a stranger got from servers of all kinds. Only those who are
// to be asked are sent anything.
func TestServices(t *testing.T) {
	s := newSpace(t)
	engine := func(status int) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Api-Version", "1.51")
			w.WriteHeader(status)
		})
	}
	says := func(what string) func(net.Conn) {
		return func(c net.Conn) {
			_, _ = io.WriteString(c, what)
			_ = c.(*net.TCPConn).CloseWrite()
			_, _ = io.Copy(io.Discard, c)
		}
	}
	s.http(":80", false, engine(http.StatusOK))
	s.http(":81", true, engine(http.StatusOK))
	s.http(":82", false, engine(http.StatusForbidden))
	s.http(":83", false, http.NotFoundHandler())
	s.serve(":84", func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
	s.serve(":85", func(c net.Conn) { _, _ = io.Copy(c, rand.Reader) })
	s.serve(":86", says("SSH-2.0-OpenSSH_9.2\r\n"))
	s.serve(":87", says(""))
	s.serve(":88", func(c net.Conn) { _ = c.(*net.TCPConn).SetLinger(0) })
	s.serve(":89", says("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nOK"))
	s.serve(":90", drips)
	s.serve(":91", says("\x15\x03\x01\x00\x02\x02\x46"))
	for port, want := range map[string]Outcome{
		"80": {Service: Engine},
		"81": {Service: TLS},
		"82": {Service: Other, Why: "an engine answers with status 403"},
		"83": {Service: Other, Why: "another server answers with status 404"},
		"84": {Service: Silent, Why: "it did not answer in time"},
		"85": {Service: Other, Why: "it does not answer in HTTP"},
		"86": {Service: Other, Why: "it does not answer in HTTP"},
		"87": {Service: Other, Why: "it ends the connection without an answer"},
		"88": {Service: Other, Why: "it ends the connection without an answer"},
		"89": {Service: Other, Why: "another server answers with status 200"},
		"90": {Service: Silent, Why: "it did not answer in time"},
		"91": {Service: TLS},
	} {
		t.Run(port, func(t *testing.T) {
			target := to("127.0.0.1:" + port)
			target.API = true
			want.State = Opened
			began := time.Now()
			if got := s.try(target)[0]; got != want {
				t.Errorf("%+v, want %+v", got, want)
			}
			if took := time.Since(began); took > 3*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// drips sends a byte of a header at a time.
func drips(c net.Conn) {
	for {
		if _, err := io.WriteString(c, "H"); err != nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// http serves HTTP, in TLS or not.
func (s *space) http(address string, secure bool, handler http.Handler) {
	s.t.Helper()
	server := &httptest.Server{Listener: s.listen(address), Config: &http.Server{Handler: handler}}
	if secure {
		server.StartTLS()
	} else {
		server.Start()
	}
	s.t.Cleanup(server.Close)
}

// TestNothingIsSent: a connection that is only opened ends without a byte.
func TestNothingIsSent(t *testing.T) {
	s := newSpace(t)
	sent := make(chan string, 1)
	s.serve(":80", func(c net.Conn) {
		all, err := io.ReadAll(c)
		if err != nil {
			all = append(all, err.Error()...)
		}
		sent <- string(all)
	})
	if got := s.try(to("127.0.0.1:80"))[0]; got != (Outcome{State: Opened}) {
		t.Errorf("%+v", got)
	}
	if got := <-sent; got != "" {
		t.Errorf("sent %q", got)
	}
}

// TestEngines: what containers get from the API of their own engine and from
// each other.
func TestEngines(t *testing.T) {
	for _, v := range []lab.Version{lab.V20, lab.V28} {
		t.Run(string(v), func(t *testing.T) {
			h := lab.New(t, lab.Options{Version: v})
			h.RestartDaemon("--tls=false", "-H", "unix:///run/docker.sock", "-H", "tcp://0.0.0.0:2376", "-H", "tcp://127.0.0.1:2375")
			image := h.ImportBusybox()
			h.Run("--name", "web", "-p", "8080:80", image, "busybox", "httpd", "-f", "-p", "80")
			h.Run("--name", "alone", "--network", "none", image, "sleep", "inf")
			proc := h.Root() + "/proc"
			targets := []Target{to("127.0.0.1:2375"), to("172.17.0.1:2375"), to("172.17.0.1:2376"), to("172.17.0.1:8080"), to("172.17.0.2:80")}
			var jobs []Job
			for _, name := range []string{"", "web", "alone"} {
				pid := 1
				if name != "" {
					pid = number(t, h.Docker("inspect", "-f", "{{.State.Pid}}", name))
				}
				jobs = append(jobs, Job{Namespace: opened(t, proc, pid), Targets: targets})
			}
			for i := range targets {
				targets[i].API = true
			}
			web := Outcome{State: Opened, Service: Other, Why: "another server answers with status 404"}
			engine, refused, unreachable := Outcome{State: Opened, Service: Engine}, Outcome{State: Refused}, Outcome{State: Unreachable, Why: "ENETUNREACH"}
			want := [][]Outcome{
				{engine, refused, engine, web, web},
				{refused, refused, engine, web, web},
				{refused, unreachable, unreachable, unreachable, unreachable},
			}
			for i, list := range Run(t.Context(), jobs, everywhere(jobs...)) {
				for k, got := range list {
					if got != want[i][k] {
						t.Errorf("%d to %s: %+v, want %+v", i, targets[k].AddrPort, got, want[i][k])
					}
				}
			}
		})
	}
}

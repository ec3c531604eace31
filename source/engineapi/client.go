package engineapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"seawall/lang"
	"seawall/snapshot"
)

// The versions of the API that this package reads. 1.40 is Engine 19.03.
const (
	minAPI = "1.40"
	maxAPI = "1.56"
)

const (
	// requestTimeout is the deadline of one request.
	requestTimeout = 10 * time.Second
	// giveUpAfter is how many requests in a row may time out before the rest is
	// not asked any more.
	giveUpAfter = 3
	// connections is how many containers are inspected at once: the engine is
	// bound by CPU, and more gain nothing.
	connections = 4
	// maxAnswer is more than any engine answers (1,000 containers list as 1 MiB).
	maxAnswer = 32 << 20
)

// Client reads one engine. It is safe for concurrent use.
type Client struct {
	endpoint  Endpoint
	http      *http.Client
	base      string
	transport *http.Transport
	version   string // API version in use
	timeout   time.Duration
	api       snapshot.API
	// late counts requests in a row that timed out.
	late atomic.Int32
}

// Option changes a client.
type Option func(*Client)

// WithTransport wraps the transport, so that a test can see every request.
func WithTransport(wrap func(http.RoundTripper) http.RoundTripper) Option {
	return func(c *Client) { c.http.Transport = wrap(c.http.Transport) }
}

// WithTimeout sets the deadline of one request, in place of ten seconds.
func WithTimeout(d time.Duration) Option { return func(c *Client) { c.timeout = d } }

// Connect greets the engine and agrees on an API version. Its errors are of
// type [*ConnectError], apart from those of reading TLS files.
func Connect(ctx context.Context, e Endpoint, options ...Option) (*Client, error) {
	t, base, err := transport(e, connections)
	if err != nil {
		return nil, &ConnectError{Host: e.Host, Kind: Broken, Err: err}
	}
	c := &Client{
		endpoint: e, base: base, transport: t, timeout: requestTimeout,
		http: &http.Client{Transport: t, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	for _, option := range options {
		option(c)
	}
	if err := c.greet(ctx); err != nil {
		c.Close()
		var known *ConnectError
		if errors.As(err, &known) {
			return nil, known
		}
		return nil, connectError(e, err)
	}
	return c, nil
}

// Close closes the idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Endpoint is the endpoint the client is connected to.
func (c *Client) Endpoint() Endpoint { return c.endpoint }

// greet asks GET /_ping, which every engine answers without a version in the
// path and with its own in the header Api-Version.
func (c *Client) greet(ctx context.Context) error {
	var server string
	err := c.request(ctx, c.timeout, "/_ping", func(r *http.Response) error {
		server = r.Header.Get("Api-Version")
		text, _ := io.ReadAll(io.LimitReader(r.Body, 1<<10))
		if _, _, ok := parseVersion(server); r.StatusCode == http.StatusOK && ok {
			return nil
		}
		if r.StatusCode == http.StatusForbidden && server != "" {
			return &statusError{status: r.StatusCode, message: message(text)}
		}
		return &notDockerError{status: r.StatusCode, text: string(text)}
	})
	if err != nil {
		return err
	}
	if less(server, minAPI) {
		return &ConnectError{
			Host: c.endpoint.Host, Kind: TooOld,
			Err:    lang.RecordErrorf("its API version is %s, and at least %s (Engine 19.03) is needed", server, minAPI),
			Remedy: lang.N("update the engine; one this old gets no security fixes"),
		}
	}
	version, err := c.agree(server)
	if err != nil {
		return err
	}
	c.version = version
	c.api = snapshot.API{Version: server, Used: c.version}
	return nil
}

// agree picks the version to speak: DOCKER_API_VERSION, else the newest that
// both sides know.
func (c *Client) agree(server string) (string, error) {
	wanted := strings.TrimPrefix(c.endpoint.APIVersion, "v")
	if wanted == "" {
		if less(server, maxAPI) {
			return server, nil
		}
		return maxAPI, nil
	}
	if _, _, ok := parseVersion(wanted); !ok || less(wanted, minAPI) || less(server, wanted) {
		return "", &ConnectError{
			Host: c.endpoint.Host, Kind: Broken,
			Err:    lang.RecordErrorf("DOCKER_API_VERSION is %q, and the engine speaks up to %s", c.endpoint.APIVersion, server),
			Remedy: lang.Recordf("unset it, or set a version from %s to %s", minAPI, server),
		}
	}
	return wanted, nil
}

// get reads one document of the API and decodes it. The path is without the
// version; parts from outside are escaped by the caller (see escape).
func (c *Client) get(ctx context.Context, path string, into any) error {
	return c.getWithin(ctx, c.timeout, path, into)
}

// getWithin is get with another deadline, for what takes the engine long.
func (c *Client) getWithin(ctx context.Context, within time.Duration, path string, into any) error {
	return c.request(ctx, within, "/v"+c.version+path, func(r *http.Response) error {
		body := io.LimitReader(r.Body, maxAnswer)
		if r.StatusCode != http.StatusOK {
			text, _ := io.ReadAll(io.LimitReader(body, 4<<10))
			return &statusError{status: r.StatusCode, message: message(text)}
		}
		if err := json.NewDecoder(body).Decode(into); err != nil {
			return &decodeError{err: err}
		}
		// Read to the end, so that the connection can be used again.
		_, err := io.Copy(io.Discard, body)
		return err
	})
}

// request sends one GET with a deadline and hands the answer on.
func (c *Client) request(ctx context.Context, within time.Duration, path string, read func(*http.Response) error) error {
	if c.late.Load() >= giveUpAfter {
		return fmt.Errorf("GET %s: %w", path, errGaveUp)
	}
	limited, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	err := c.send(limited, path, read)
	switch {
	case err == nil:
		c.late.Store(0)
	case limited.Err() != nil && ctx.Err() == nil:
		c.late.Add(1)
		return lang.RecordErrorf("GET %s: no answer within %s: %w", path, within, context.DeadlineExceeded)
	}
	return err
}

func (c *Client) send(ctx context.Context, path string, read func(*http.Response) error) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return fmt.Errorf("GET %s: %w", path, err)
	}
	for name, value := range c.endpoint.Headers {
		req.Header.Set(name, value)
	}
	req.Header.Set("User-Agent", "seawall")
	resp, err := c.http.Do(req)
	if err != nil {
		var outer *url.Error
		if errors.As(err, &outer) {
			err = outer.Err // without the made-up host of the URL
		}
		return fmt.Errorf("GET %s: %w", path, err)
	}
	defer resp.Body.Close() //nolint:errcheck // read only
	if err := read(resp); err != nil {
		return fmt.Errorf("GET %s: %w", path, err)
	}
	return nil
}

// escape makes a name safe as one part of a path.
func escape(name string) string { return url.PathEscape(name) }

// errGaveUp is the answer for requests that were not sent any more.
var errGaveUp = lang.RecordErrorf("not asked: the engine left %d requests in a row unanswered: %w", giveUpAfter, context.DeadlineExceeded)

// statusError is an answer of the engine that is not 200.
type statusError struct {
	status  int
	message string
}

func (e *statusError) Error() string {
	return lang.Recordf("the engine answered %d: %s", e.status, e.message)
}

// decodeError is an answer that is not the document it should be.
type decodeError struct{ err error }

func (e *decodeError) Error() string {
	return lang.Recordf("the answer cannot be understood: %s", e.err.Error())
}

// Unwrap returns the cause.
func (e *decodeError) Unwrap() error { return e.err }

// message is the engine's error text, shortened and without secrets.
func message(body []byte) string {
	var m struct{ Message string }
	text := string(body)
	if json.Unmarshal(body, &m) == nil && m.Message != "" {
		text = m.Message
	}
	text = strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "")
	if len(text) > 300 {
		text = strings.ToValidUTF8(text[:300], "") + "…"
	}
	return snapshot.RedactString(text)
}

// parseVersion reads MAJOR.MINOR.
func parseVersion(v string) (major, minor int, ok bool) {
	a, b, found := strings.Cut(v, ".")
	if !found {
		return 0, 0, false
	}
	major, err1 := strconv.Atoi(a)
	minor, err2 := strconv.Atoi(b)
	return major, minor, err1 == nil && err2 == nil && major >= 0 && minor >= 0
}

func less(a, b string) bool {
	a1, a2, _ := parseVersion(a)
	b1, b2, _ := parseVersion(b)
	return a1 < b1 || a1 == b1 && a2 < b2
}

package dockerfile
import ("testing";"fmt";"encoding/json")
func TestTry(t *testing.T){
 i,err:=Read("app/Dockerfile",[]byte(`ARG V=1.2
FROM golang:$V AS build
ARG TOKEN
ENV A=b C=$A
RUN --security=insecure --network=host curl -k https://x | sh
COPY . .
FROM ${BASE} AS x
FROM scratch
COPY --from=build /root/.npmrc /x
COPY --from=nginx:latest /a /b
RUN <<EOF
apt-get update
chmod 777 /x
EOF
WORKDIR /etc
WORKDIR foo
USER app
EXPOSE 22 80/udp 9000-9002
HEALTHCHECK CMD x
VOLUME ["/a", "/b"]
`),Options{})
 if err!=nil{t.Fatal(err)}
 d,_:=json.Marshal(i)
 fmt.Println(string(d))
 for _,s:=range []string{"FRM x","RUN x\n","FROM a\nFOO b","","FROM a\nADD x","FROM a AS b\nENV","FROM a\nEXPOSE foo","FROM\n","FROM ${}","FROM a\nRUN <<EOF\nx","FROM a\nHEALTHCHECK --x=1 CMD a","# escape=x\nFROM a", "FROM a\nENV A=\"b"}{
  _,err:=Read("d",[]byte(s),Options{}); fmt.Printf("%q: %v\n",s,err)
 }
}

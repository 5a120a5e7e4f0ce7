package io.serverlesscontainers.couchdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import okhttp3.Cookie;
import okhttp3.Credentials;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Who the store is to the server: nobody, a user whose password goes with each request, or one who signs on once and
 * shows a cookie. The password is never part of a text.
 */
final class Authentication implements Interceptor {
    private static final String SESSION = "AuthSession";

    private final String user;
    private final String password;
    private final boolean byCookie;
    private volatile Cookie session;

    private Authentication(String user, String password, boolean byCookie) {
        this.user = user;
        this.password = password;
        this.byCookie = byCookie;
    }

    static Authentication none() {
        return new Authentication(null, null, false);
    }

    static Authentication basic(String user, String password) {
        return new Authentication(user, password, false);
    }

    static Authentication cookie(String user, String password) {
        return new Authentication(user, password, true);
    }

    /** Who signs on; empty if nobody does. */
    Optional<String> user() {
        return Optional.ofNullable(user);
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        if (user == null) {
            return chain.proceed(request);
        }
        if (!byCookie) {
            String header = Credentials.basic(user, password, StandardCharsets.UTF_8);
            return chain.proceed(
                    request.newBuilder().header("Authorization", header).build());
        }
        Cookie shown = session == null ? signOn(chain, null) : session;
        Response response = chain.proceed(with(shown, request));
        if (response.code() == 401) { // the session has ended: one new one
            response.close();
            shown = signOn(chain, shown);
            response = chain.proceed(with(shown, request));
        }
        renew(request.url(), response, shown);
        return response;
    }

    private static Request with(Cookie session, Request request) {
        return session == null
                ? request
                : request.newBuilder()
                        .header("Cookie", session.name() + "=" + session.value())
                        .build();
    }

    /** Signs on unless another thread has done so since {@code ended} was shown; null if the server refuses. */
    private synchronized Cookie signOn(Chain chain, Cookie ended) throws IOException {
        if (session != ended) {
            return session;
        }
        HttpUrl url = chain.request().url().resolve("/_session");
        Request request = new Request.Builder()
                .url(url)
                .header("Accept", "application/json")
                .post(new FormBody.Builder()
                        .add("name", user)
                        .add("password", password)
                        .build())
                .build();
        try (Response response = chain.proceed(request)) {
            if (response.code() >= 500) { // trouble, which says nothing of the password
                throw new IOException("signing on was answered with " + response.code());
            }
            session = response.isSuccessful() ? sessionIn(url, response) : null;
            return session;
        }
    }

    /** A server gives a new cookie before the old one ends. */
    private synchronized void renew(HttpUrl url, Response response, Cookie shown) {
        Cookie fresh = sessionIn(url, response);
        if (fresh != null && session == shown) {
            session = fresh;
        }
    }

    private static Cookie sessionIn(HttpUrl url, Response response) {
        return Cookie.parseAll(url, response.headers()).stream()
                .filter(cookie ->
                        cookie.name().equals(SESSION) && !cookie.value().isEmpty())
                .findFirst()
                .orElse(null);
    }

    @Override
    public String toString() {
        return user == null ? "nobody" : "user '" + user + "'";
    }
}
